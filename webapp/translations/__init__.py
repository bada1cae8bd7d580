"""The catalogues of the languages beside Chinese; message ids are the Chinese sentences."""
