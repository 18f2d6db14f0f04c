"""Athena cannot read a view that is only in the Glue catalog, where CloudFormation creates it.

AWS keeps Athena's own views there: a table of the type VIRTUAL_VIEW, whose text contains the query as JSON in base64. This
patch puts that query in place of the view's name, as AWS does. A view that uses another view, or tables of another
database than the query, is not supported.
"""

import base64
import json
import re

from ministack.services import athena, glue

TEXT = re.compile(r"/\* Presto View: (\S+) \*/")


def apply() -> None:
    rewrite = athena._rewrite_data_paths

    async def rewrite_views(query, database, catalog=None):
        return await rewrite(_with_queries(query, database), database, catalog)

    athena._rewrite_data_paths = rewrite_views


def _with_queries(query: str, database: str) -> str:
    for reference in reversed(athena._table_references(query)):
        table = glue._tables.get(f"{reference.database or database or 'default'}/{reference.table}")
        text = TEXT.fullmatch((table or {}).get("ViewOriginalText") or "")
        if not text:
            continue
        sql = json.loads(base64.b64decode(text[1]))["originalSql"]
        alias = "" if reference.aliased else f' AS "{reference.table}"'
        query = f"{query[:reference.start]}({sql}){alias}{query[reference.end:]}"
    return query
