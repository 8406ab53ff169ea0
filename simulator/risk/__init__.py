"""How sure a scenario is: chances of its rules, what moves it, where rules turn."""
