"""The verbs of the store on tables, for every engine the same: no SQL stands twice."""
