"""DynamoDB's expressions are read again for every item: a query of a partition with 5,000 items takes 120 ms, while the engine can do
nothing else, and a conditional write of a job's row reads its conditions anew.

What this patch remembers depends on the text of an expression alone. Our code has about a hundred expressions.
"""

from functools import lru_cache

from ministack.services import dynamodb

MOST_EXPRESSIONS = 1000


def apply() -> None:
    tokenize = dynamodb._tokenize
    redundant_parens = lru_cache(MOST_EXPRESSIONS)(dynamodb._check_redundant_parens)
    reserved_keywords = lru_cache(MOST_EXPRESSIONS)(dynamodb._check_reserved_keyword_usage)

    # tuples, because a remembered list could be changed
    dynamodb._tokenize = lru_cache(MOST_EXPRESSIONS)(lambda expression: tuple(tokenize(expression)))
    dynamodb._condition_syntax_error = lru_cache(MOST_EXPRESSIONS)(dynamodb._condition_syntax_error)
    dynamodb._check_redundant_parens = lambda tokens, *slot: redundant_parens(tuple(tokens), *slot)
    dynamodb._check_reserved_keyword_usage = lambda tokens: reserved_keywords(tuple(tokens))
