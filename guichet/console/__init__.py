"""The pages of agents, editors and administrators, under ``/console/``."""
