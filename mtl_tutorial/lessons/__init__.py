"""The exercises of each lesson, as data for `mtl_tutorial.exercises`."""
