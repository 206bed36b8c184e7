"""ERPNext against recordings and a Frappe site in memory."""
