"""One file per stage of dvc.yaml: read the parameters, call one function, write."""
