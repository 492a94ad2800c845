alter table p rename column id to pid; alter table c rename column p to parent;
