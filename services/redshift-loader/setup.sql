-- Run it once in the database of your workgroup, as an administrator, after the stack redshift-loader is deployed (docs/warehouses.md).
-- Replace <LoaderRoleName> by that output of the stack. The loader itself makes the tables and the view.
CREATE SCHEMA IF NOT EXISTS spillway;
CREATE USER "IAMR:<LoaderRoleName>" PASSWORD DISABLE;
GRANT USAGE, CREATE ON SCHEMA spillway TO "IAMR:<LoaderRoleName>";
