"""python -m strategy_miner.cli"""

from strategy_miner.cli import main

main()
