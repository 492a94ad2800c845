//! Random schemas, and random changes to them.

use std::fmt::Write as _;

/// Numbers that are the same on each run.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % sides.max(1)
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }
}

#[derive(Debug, Clone)]
struct Column {
    name: String,
    kind: usize,
    nullable: bool,
    default: usize,
    comment: usize,
    invisible: bool,
    generated: Option<(bool, usize)>,
}

#[derive(Debug, Clone)]
struct Key {
    name: String,
    columns: Vec<String>,
    flags: Flags,
}

#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent property of a key"
)]
struct Flags {
    unique: bool,
    invisible: bool,
    expression: bool,
    descending: bool,
}

#[derive(Debug, Clone)]
struct Table {
    name: String,
    columns: Vec<Column>,
    keys: Vec<Key>,
    primary: Vec<String>,
    checks: Vec<(String, String, usize, bool)>,
    /// Name, column, parent.
    foreign: Vec<(String, String, usize, usize)>,
    options: (usize, usize, usize),
}

#[derive(Debug, Clone)]
pub(crate) struct Schema {
    tables: Vec<Table>,
    views: Vec<(String, usize, usize)>,
    triggers: Vec<(String, usize, usize)>,
    names: usize,
}

const TYPES: [(&str, &[&str]); 16] = [
    ("int", &["", "default 1", "default (1 + 2)"]),
    ("bigint unsigned", &["", "default 7"]),
    ("smallint", &["", "default -3"]),
    ("varchar(20)", &["", "default 'a'", "default 'it''s'"]),
    ("varchar(60)", &["", "default ''", "default (concat('a', 'b'))"]),
    ("char(5) character set latin1", &["", "default 'x'"]),
    ("varchar(10) collate utf8mb4_bin", &["", "default 'y'"]),
    ("text", &["", "default ('long')"]),
    ("decimal(10,2)", &["", "default 1.5"]),
    (
        "datetime",
        &[
            "",
            "default current_timestamp",
            "default current_timestamp on update current_timestamp",
        ],
    ),
    ("timestamp(3) null", &["", "default current_timestamp(3)"]),
    ("date", &["", "default '2020-02-02'"]),
    ("enum('a','b','c')", &["", "default 'b'"]),
    ("json", &["", "default (json_object())"]),
    ("double", &["", "default 0.5"]),
    ("tinyint(1)", &["", "default true"]),
];

/// Types that a key can be over, that a foreign key has, and that are computed with.
const INT: usize = 0;

impl Schema {
    pub(crate) fn random(dice: &mut Dice) -> Self {
        let mut schema = Self {
            tables: Vec::new(),
            views: Vec::new(),
            triggers: Vec::new(),
            names: 0,
        };
        for _ in 0..2 + dice.roll(3) {
            schema.add_table(dice);
        }
        for _ in 0..dice.roll(12) {
            schema.mutate(dice);
        }
        schema
    }

    fn name(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    fn add_table(&mut self, dice: &mut Dice) {
        let name = self.name("t");
        let id = Column {
            name: "id".to_owned(),
            kind: INT,
            nullable: false,
            default: 0,
            comment: 0,
            invisible: false,
            generated: None,
        };
        let mut table = Table {
            name,
            columns: vec![id],
            keys: Vec::new(),
            primary: vec!["id".to_owned()],
            checks: Vec::new(),
            foreign: Vec::new(),
            options: (0, 0, 0),
        };
        for _ in 0..=dice.roll(5) {
            let column = self.column(dice);
            table.columns.push(column);
        }
        self.tables.push(table);
        let at = self.tables.len() - 1;
        for _ in 0..dice.roll(4) {
            self.add_key(dice, at);
        }
    }

    fn column(&mut self, dice: &mut Dice) -> Column {
        let kind = if dice.chance(40) {
            INT
        } else {
            dice.roll(TYPES.len())
        };
        Column {
            name: self.name("c"),
            kind,
            nullable: dice.chance(70),
            default: dice.roll(4),
            comment: dice.roll(4),
            invisible: dice.chance(8),
            generated: None,
        }
    }

    fn add_key(&mut self, dice: &mut Dice, at: usize) {
        let name = self.name("k");
        let table = &self.tables[at];
        let fit: Vec<&Column> = table
            .columns
            .iter()
            .filter(|column| !matches!(column.kind, 7 | 13))
            .collect();
        let mut columns: Vec<String> = Vec::new();
        for _ in 0..=dice.roll(2) {
            let column = fit[dice.roll(fit.len())].name.clone();
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        let whole = table
            .columns
            .iter()
            .all(|column| column.name != columns[0] || column.kind == INT);
        let flags = Flags {
            unique: dice.chance(35),
            expression: whole && dice.chance(20),
            invisible: dice.chance(10),
            descending: dice.chance(15),
        };
        let key = Key { name, columns, flags };
        self.tables[at].keys.push(key);
    }

    pub(crate) fn mutate(&mut self, dice: &mut Dice) {
        let at = dice.roll(self.tables.len());
        match dice.roll(22) {
            0 => self.add_table(dice),
            1 if self.tables.len() > 1 => self.drop_table(at),
            2 | 3 => {
                let column = self.column(dice);
                let place = dice.roll(self.tables[at].columns.len() + 1);
                self.tables[at].columns.insert(place, column);
            }
            4 => self.drop_column(dice, at),
            5 | 6 => {
                let columns = &mut self.tables[at].columns;
                let (from, to) = (dice.roll(columns.len()), dice.roll(columns.len()));
                let column = columns.remove(from);
                columns.insert(to, column);
            }
            7..=9 => self.change_column(dice, at),
            10 | 11 => self.add_key(dice, at),
            12 if !self.tables[at].keys.is_empty() => {
                let key = dice.roll(self.tables[at].keys.len());
                self.tables[at].keys.remove(key);
            }
            13 if self.tables[at].keys.len() > 1 => {
                let keys = &mut self.tables[at].keys;
                let (from, to) = (dice.roll(keys.len()), dice.roll(keys.len()));
                let key = keys.remove(from);
                keys.insert(to, key);
            }
            14 if !self.tables[at].keys.is_empty() => {
                let name = self.name("k");
                let key = dice.roll(self.tables[at].keys.len());
                let key = &mut self.tables[at].keys[key];
                match dice.roll(3) {
                    0 => key.name = name,
                    1 => key.flags.invisible = !key.flags.invisible,
                    _ => key.flags.unique = !key.flags.unique,
                }
            }
            15 => self.add_check(dice, at),
            16 if !self.tables[at].checks.is_empty() => {
                let check = dice.roll(self.tables[at].checks.len());
                if dice.chance(50) {
                    self.tables[at].checks.remove(check);
                } else {
                    let (.., number, enforced) = &mut self.tables[at].checks[check];
                    *number += dice.roll(2);
                    *enforced = !*enforced;
                }
            }
            17 | 18 => self.foreign(dice, at),
            19 => self.tables[at].options = (dice.roll(3), dice.roll(3), dice.roll(3)),
            20 => self.view_or_trigger(dice, at),
            _ => self.generate(dice, at),
        }
    }

    fn drop_table(&mut self, at: usize) {
        self.tables.remove(at);
        for table in &mut self.tables {
            table.foreign.retain(|(_, _, parent, _)| *parent != at);
            for (_, _, parent, _) in &mut table.foreign {
                *parent -= usize::from(*parent > at);
            }
        }
        self.views.retain(|(_, table, _)| *table != at);
        self.triggers.retain(|(_, table, _)| *table != at);
        let views = self.views.iter_mut().map(|(_, table, _)| table);
        for table in views.chain(self.triggers.iter_mut().map(|(_, table, _)| table)) {
            *table -= usize::from(*table > at);
        }
    }

    fn drop_column(&mut self, dice: &mut Dice, at: usize) {
        let table = &mut self.tables[at];
        let column = dice.roll(table.columns.len());
        let name = table.columns[column].name.clone();
        if name == "id" {
            return;
        }
        table.columns.remove(column);
        table.primary.retain(|one| *one != name);
        table.keys.retain(|key| !key.columns.contains(&name));
        table.checks.retain(|(_, one, ..)| *one != name);
        table.foreign.retain(|(_, one, ..)| *one != name);
    }

    fn change_column(&mut self, dice: &mut Dice, at: usize) {
        let table = &mut self.tables[at];
        let at = dice.roll(table.columns.len());
        let column = &mut table.columns[at];
        let name = column.name.clone();
        if name == "id" || column.generated.is_some() {
            return;
        }
        let used = table.keys.iter().any(|key| key.columns.contains(&name))
            || table.checks.iter().any(|(_, one, ..)| *one == name)
            || table.foreign.iter().any(|(_, one, ..)| *one == name);
        match dice.roll(5) {
            0 if !used => column.kind = dice.roll(TYPES.len()),
            1 => column.nullable = !column.nullable,
            2 => column.comment = dice.roll(4),
            3 => column.invisible = !column.invisible,
            _ => column.default = dice.roll(4),
        }
    }

    fn add_check(&mut self, dice: &mut Dice, at: usize) {
        let name = self.name("chk");
        let table = &mut self.tables[at];
        let fit: Vec<&Column> = table.columns.iter().filter(|column| column.kind == INT).collect();
        let column = fit[dice.roll(fit.len())].name.clone();
        let referencing = table
            .foreign
            .iter()
            .any(|(_, one, _, action)| *one == column && *action > 0);
        if !referencing {
            table.checks.push((name, column, dice.roll(9), dice.chance(80)));
        }
    }

    fn foreign(&mut self, dice: &mut Dice, at: usize) {
        let name = self.name("fk");
        let parent = dice.roll(self.tables.len());
        let table = &mut self.tables[at];
        if !table.foreign.is_empty() && dice.chance(50) {
            let gone = dice.roll(table.foreign.len());
            if dice.chance(50) {
                table.foreign.remove(gone);
            } else {
                let (_, column, own_parent, action) = &mut table.foreign[gone];
                *own_parent = parent;
                let checked = table.checks.iter().any(|(_, one, ..)| one == column);
                *action = if checked { 0 } else { dice.roll(2) };
            }
            return;
        }
        let fit: Vec<&Column> = table
            .columns
            .iter()
            .filter(|column| column.kind == INT && column.generated.is_none() && column.name != "id")
            .collect();
        if fit.is_empty() {
            return;
        }
        let column = fit[dice.roll(fit.len())].name.clone();
        let checked = table.checks.iter().any(|(_, one, ..)| *one == column);
        let action = if checked { 0 } else { dice.roll(2) };
        if !table.columns.iter().any(|one| one.generated.is_some()) {
            table.foreign.push((name, column, parent, action));
        }
    }

    fn generate(&mut self, dice: &mut Dice, at: usize) {
        let table = &mut self.tables[at];
        if !table.foreign.is_empty() {
            return;
        }
        let at = dice.roll(table.columns.len());
        let column = &mut table.columns[at];
        if column.name == "id" || column.kind != INT {
            return;
        }
        column.generated = match column.generated {
            None => Some((dice.chance(50), dice.roll(5))),
            Some((stored, number)) => match dice.roll(3) {
                0 => None,
                1 => Some((!stored, number)),
                _ => Some((stored, number + 1)),
            },
        };
    }

    fn view_or_trigger(&mut self, dice: &mut Dice, at: usize) {
        let name = self.name("x");
        let number = dice.roll(9);
        match dice.roll(4) {
            0 => self.views.push((name, at, number)),
            1 => self.triggers.push((name, at, number)),
            2 if !self.triggers.is_empty() => {
                let from = dice.roll(self.triggers.len());
                let trigger = self.triggers.remove(from);
                let to = dice.roll(self.triggers.len() + 1);
                self.triggers.insert(to, trigger);
            }
            _ => {
                if let Some((.., number)) = self.views.last_mut() {
                    *number += 1;
                }
            }
        }
    }

    /// As a person would write it.
    pub(crate) fn text(&self) -> String {
        let mut text = "SET foreign_key_checks = 0;\n".to_owned();
        for table in &self.tables {
            let _ = writeln!(text, "{};\n", self.table(table));
        }
        text.push_str("SET foreign_key_checks = 1;\n");
        for (name, table, number) in &self.views {
            let _ = writeln!(
                text,
                "create view {name} as select id + {number} as n from {};",
                self.tables[*table].name
            );
        }
        for (name, table, number) in &self.triggers {
            let table = &self.tables[*table].name;
            let _ = writeln!(
                text,
                "create trigger {name} before insert on {table} for each row set @x = {number};"
            );
        }
        text
    }

    fn table(&self, table: &Table) -> String {
        let mut lines: Vec<String> = table.columns.iter().map(|column| column.text(table)).collect();
        lines.push(format!("primary key ({})", table.primary.join(", ")));
        lines.extend(table.keys.iter().map(Key::text));
        for (name, column, parent, action) in &table.foreign {
            let parent = &self.tables[*parent].name;
            let action = ["", " on delete cascade"][*action];
            lines.push(format!("key ix_{name} ({column})"));
            lines.push(format!(
                "constraint {name} foreign key ({column}) references {parent} (id){action}"
            ));
        }
        for (name, column, number, enforced) in &table.checks {
            let enforced = if *enforced { "" } else { " not enforced" };
            lines.push(format!("constraint {name} check ({column} > {number}){enforced}"));
        }
        let (charset, comment, row) = table.options;
        let charset = [
            "",
            " charset=latin1",
            " charset=utf8mb4 collate=utf8mb4_general_ci",
        ][charset];
        let comment = ["", " comment='one'", " comment='two; --'"][comment];
        let row = ["", " row_format=dynamic", " stats_persistent=1"][row];
        format!(
            "create table {} (\n  {}\n){charset}{comment}{row}",
            table.name,
            lines.join(",\n  ")
        )
    }
}

impl Column {
    fn text(&self, table: &Table) -> String {
        let (kind, defaults) = TYPES[self.kind];
        let mut text = format!("{} {kind}", self.name);
        if let Some((stored, number)) = self.generated {
            let stored = if stored { "stored" } else { "virtual" };
            let _ = write!(text, " as (id * {number}) {stored}");
        }
        // A computed column in a primary key or a foreign key is another story.
        let plain = self.generated.is_none();
        if !self.nullable && plain && !kind.ends_with("null") {
            text.push_str(" not null");
        }
        if plain {
            let default = defaults.get(self.default).copied().unwrap_or("");
            let _ = write!(text, " {default}");
        }
        if self.invisible && table.columns.len() > 1 && self.name != "id" {
            text.push_str(" invisible");
        }
        let _ = write!(
            text,
            " {}",
            ["", "comment 'a'", "comment 'b''c'", ""][self.comment]
        );
        text
    }
}

impl Key {
    fn text(&self) -> String {
        let unique = if self.flags.unique { "unique " } else { "" };
        let invisible = if self.flags.invisible { " invisible" } else { "" };
        let mut parts = self.columns.clone();
        if self.flags.expression {
            parts[0] = format!("(({} + 1))", parts[0]);
        }
        if self.flags.descending {
            parts[0].push_str(" desc");
        }
        format!("{unique}key {} ({}){invisible}", self.name, parts.join(", "))
    }
}
