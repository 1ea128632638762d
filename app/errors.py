"""What can go wrong, said so that a person can read it in their language."""

from http import HTTPStatus


class AppError(Exception):
    """A failure whose message may be shown to the person who caused it.

    `message` is a message id of the catalogues with `%(name)s` places; `params` fill them.
    Whoever shows the error calls `translate(locale, error.message, **error.params)`.
    """

    status: HTTPStatus = HTTPStatus.BAD_REQUEST

    def __init__(self, message: str, *, status: HTTPStatus | None = None, **params: object) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params
        if status is not None:
            self.status = status


class NotFound(AppError):
    """What was asked for does not exist in this market, or may not be seen."""

    status = HTTPStatus.NOT_FOUND


class NotAllowed(AppError):
    """The person is known but may not do this."""

    status = HTTPStatus.FORBIDDEN


class Conflict(AppError):
    """Somebody else changed the same thing in the meantime."""

    status = HTTPStatus.CONFLICT


class TooMany(AppError):
    """A limit was reached; `retry_after` says in how many seconds to try again."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, message: str, *, retry_after: int, **params: object) -> None:
        super().__init__(message, status=None, **params)
        self.retry_after = retry_after


class Unavailable(AppError):
    """A part that is needed does not answer at the moment."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
