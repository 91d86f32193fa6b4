"""Tracking 访问跟踪: what visitors did on a site, and whom a visitor turned out to be."""
