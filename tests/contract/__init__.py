"""Our client and the simulator, each against the contract that Picqer documents."""
