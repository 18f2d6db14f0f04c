-- Makes all that Snowflake needs to load Spillway's facts. Run it once for each stage, in two parts (docs/warehouses.md):
--   snowsql -D stage=dev -D bucket=<LakeBucketName> -D account=<AWS account> -f setup.sql -o variable_substitution=true
-- Every statement can be repeated. COPY remembers the files that it has loaded for 64 days.

CREATE DATABASE IF NOT EXISTS spillway_&{stage};
CREATE SCHEMA IF NOT EXISTS spillway_&{stage}.lake;

-- DESC INTEGRATION then says the user and the external id for the stack snowflake-loader.
CREATE STORAGE INTEGRATION IF NOT EXISTS spillway_&{stage}
  TYPE = EXTERNAL_STAGE
  STORAGE_PROVIDER = 'S3'
  ENABLED = TRUE
  STORAGE_AWS_ROLE_ARN = 'arn:aws:iam::&{account}:role/spillway-&{stage}-snowflake'
  STORAGE_ALLOWED_LOCATIONS = ('s3://&{bucket}/parquet/');

CREATE STAGE IF NOT EXISTS spillway_&{stage}.lake.parquet
  URL = 's3://&{bucket}/parquet/'
  STORAGE_INTEGRATION = spillway_&{stage}
  FILE_FORMAT = (TYPE = PARQUET);

-- As they come: a fact can be here twice.
CREATE TABLE IF NOT EXISTS spillway_&{stage}.lake.arrived (
  event_id VARCHAR, event_type VARCHAR, event_time VARCHAR, tenant VARCHAR, job_type VARCHAR, job_id VARCHAR,
  revision BIGINT, attempt BIGINT, accepted_at VARCHAR, settled_at VARCHAR, latency_ms BIGINT, error_code VARCHAR, trace_id VARCHAR
);

-- Each fact once, however often Firehose stored it.
CREATE OR REPLACE VIEW spillway_&{stage}.lake.facts AS SELECT DISTINCT
  event_id, event_type, event_time, tenant, job_type, job_id, revision, attempt, accepted_at, settled_at, latency_ms, error_code, trace_id
FROM spillway_&{stage}.lake.arrived;

-- The newest outcome of each job: each job once.
CREATE OR REPLACE VIEW spillway_&{stage}.lake.settled_jobs AS SELECT
  event_id, event_type, event_time, tenant, job_type, job_id, revision, attempt, accepted_at, settled_at, latency_ms, error_code, trace_id
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY tenant, job_type, job_id, accepted_at ORDER BY revision DESC) AS newness
  FROM spillway_&{stage}.lake.facts
  WHERE event_type IN ('job.succeeded', 'job.failed', 'job.cancelled', 'job.expired', 'job.replayed')
) AS ranked WHERE newness = 1 AND event_type <> 'job.replayed';

-- Once an hour, on compute that Snowflake manages and bills by the second. By name, so a column that is added later may stand anywhere.
CREATE TASK IF NOT EXISTS spillway_&{stage}.lake.load_facts
  SCHEDULE = '60 MINUTE'
  USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'XSMALL'
AS COPY INTO spillway_&{stage}.lake.arrived
  FROM @spillway_&{stage}.lake.parquet
  FILE_FORMAT = (TYPE = PARQUET)
  MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE;

-- After the stack is deployed: ALTER TASK spillway_&{stage}.lake.load_facts RESUME;
