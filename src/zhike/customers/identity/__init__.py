"""Who is whose root, and what follows from it: pure rules (`grouping`, `standings`) and one place that lays them down (`regrouping`)."""
