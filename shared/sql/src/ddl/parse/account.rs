//! Users, roles and grants: which statement it is (MySQL 8.0 reference manual, 15.7.1).

use super::parser::Parser;
use crate::ddl::AccountVerb;

const VERBS: &[(&str, AccountVerb)] = &[
    ("CREATE USER", AccountVerb::CreateUser),
    ("ALTER USER", AccountVerb::AlterUser),
    ("DROP USER", AccountVerb::DropUser),
    ("RENAME USER", AccountVerb::RenameUser),
    ("CREATE ROLE", AccountVerb::CreateRole),
    ("DROP ROLE", AccountVerb::DropRole),
    ("GRANT", AccountVerb::Grant),
    ("REVOKE", AccountVerb::Revoke),
    ("SET PASSWORD", AccountVerb::SetPassword),
    ("SET DEFAULT ROLE", AccountVerb::SetDefaultRole),
    ("SET ROLE", AccountVerb::SetRole),
];

impl Parser<'_> {
    /// The leading keywords of a statement on accounts, where it is one.
    pub(super) fn account_verb(&mut self) -> Option<(&'static str, AccountVerb)> {
        let start = self.at;
        let verb = VERBS.iter().find(|(keywords, _)| self.eat(keywords)).copied()?;
        // `SET role = …` is a variable.
        let variable = verb.1 == AccountVerb::SetRole && (self.is_symbol(b'=') || self.is_symbol(b':'));
        if variable {
            self.at = start;
            return None;
        }
        Some(verb)
    }
}
