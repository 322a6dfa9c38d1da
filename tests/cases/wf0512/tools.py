def one(a):
    return a


async def needs(a, c, *, d, e=1):
    return a


def by_position(a, /):
    return a


def fine(a, *rest, b=2, **more):
    return a


@one
def decorated():
    return 1
