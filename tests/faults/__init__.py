"""What goes wrong in schools, done on purpose to a real Catkin: `make faults`."""
