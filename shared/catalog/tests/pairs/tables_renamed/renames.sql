rename table old_parent to parent, child to kid; alter table parent add b int;
