def clean(t):
    return t


class Thing:
    pass
