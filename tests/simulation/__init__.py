"""A simulation of the whole bot: seeded, on a clock of its own, with faults at every seam.

python -m tests.simulation --drills 1000 --seed 1

One seed is one story, the same to the byte each time: no thread, no sleeping, no clock but its own, no chance but the
seed's. What runs is the product: the handlers of the Lambda functions, the application, the domain, the views, the
Bolt app with signed requests. What stands in for the world are the fakes that pass the same contract suites as the
real adapters (`tests/fakes`), made to misbehave by `weather`.
"""
