def g(t:
    return
