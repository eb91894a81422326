"""The report of evaluations as one HTML page: readable without network, whatever tasks and models have written."""
