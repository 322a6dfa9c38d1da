"""`python: "module:function"`: the user's function in a worker process."""

from __future__ import annotations

from symphony_runtime.executing.attempt import Attempt
from symphony_runtime.executing.limits import CODE, Limits
from symphony_runtime.executing.ports import with_whole_paths
from symphony_runtime.executing.results import outcome
from symphony_runtime.task import Failure, Outcome
from symphony_runtime.worker import values
from symphony_runtime.worker.pool import Order, Pool
from symphony_runtime.worker.process import Gone, Listener, NoWorkerError
from symphony_runtime.worker.protocol import Error, ProtocolError


class PythonOperator:
    """Calls functions in the workers of a pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def run(self, attempt: Attempt) -> Outcome:
        function = attempt.task.node.config.python  # type: ignore[union-attr]  # only operator nodes come here
        assert function, "the compiler writes the function of a python operator"
        arguments = values.encode(with_whole_paths(attempt.task))
        order = Order(
            function, arguments, attempt.secrets, bool(attempt.task.node.outputs), attempt.limits, attempt.task.key
        )
        listener = Listener(attempt.log, attempt.progress)
        try:
            async with attempt.place(self._pool.slots):
                answer, data = await self._pool.call(order, listener)
        except NoWorkerError as problem:
            return Failure("crashed", str(problem), before_effect=True)
        except ProtocolError:
            return Failure("error", f"the secrets of {function} are too long to be passed on", before_effect=True)
        except OSError as problem:
            return Failure("error", f"the values of {function} cannot be passed on: {problem.strerror}")
        if isinstance(answer, Gone) and answer.too_much:
            return Failure(CODE, attempt.limits.breach)
        if isinstance(answer, Gone):
            message = f"the worker {answer.how} while it ran {function}"
            return Failure("crashed", message, before_effect=not answer.started)
        if isinstance(answer, Error):
            return _failure(answer, attempt.limits)
        return outcome(attempt.task.node, values.decode(data))


def _failure(error: Error, limits: Limits) -> Failure:
    data = {"trace": error.trace} if error.trace else None
    if limits.memory is not None and error.message.startswith("MemoryError"):
        return Failure(CODE, limits.breach, data, error.before_effect)
    return Failure(error.code, error.message, data, error.before_effect)
