"""The Lambda functions, one module each: unpack the event, call the use case, report which records failed."""
