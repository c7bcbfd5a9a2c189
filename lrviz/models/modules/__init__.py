"""Modules that torch does not bring along, for the models beside them; imported only once one is built."""
