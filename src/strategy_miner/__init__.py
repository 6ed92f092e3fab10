"""strategy-miner reads municipal strategies, codes them and reports topic shifts between cohorts."""
