"""Enrolment: pupils and classes."""
