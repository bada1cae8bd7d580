"""The promises of promises.md, one file each."""
