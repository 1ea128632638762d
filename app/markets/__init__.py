"""Markets: the tenants, with their hosts, languages, money and looks."""
