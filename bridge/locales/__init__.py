"""Everything a person reads, in English and Brazilian Portuguese."""
