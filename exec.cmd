@rem The scripts begin with `exec`, so that SIGTERM to npm reaches the program and no shell in between. Windows has no such word.
@%*
