@rem What `exec` is in a POSIX shell, so that the scripts of package.json run on Windows as well.
@%*
