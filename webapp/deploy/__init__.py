"""What is needed to hand Rostrum to somebody: the offline bundle, its parts and licences, files for servers."""
