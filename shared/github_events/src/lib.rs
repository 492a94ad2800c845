//! GitHub webhooks: the signature first, then what the delivery means.
