"""ERPNext's sandbox behaves as the real site was measured to."""
