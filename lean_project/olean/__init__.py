"""What Lean stored when it compiled a module, read from the `.olean` file itself: no macro, notation or redefined
command has a say in it."""
