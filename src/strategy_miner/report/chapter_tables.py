"""What the page reads for its chapters on the further dimensions, measures, cohorts and projects; see content.py."""

TABLES = {
    "dimensions": "SELECT dimension FROM codes WHERE dimension <> 'field' GROUP BY dimension ORDER BY min(rowid)",
    "all_codes": "FROM codes",
    "measure_counts": "FROM measure_counts ORDER BY subject, measures DESC, value, cohort",
    "measure_costs": "FROM measure_costs ORDER BY cohort",
}
