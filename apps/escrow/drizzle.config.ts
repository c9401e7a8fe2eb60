import { defineConfig } from 'drizzle-kit'

const { DATABASE_URL } = process.env

// One history for all units. From the root: `npm run db:generate -- --name <what_changes>`; read the SQL before it is
// committed. Triggers, and foreign keys between units, are written by hand (`--custom`).
export default defineConfig({
  dialect: 'postgresql',
  schema: ['apps/escrow/src/platform/effects.schema.ts', 'apps/escrow/src/domains/**/schema.ts'],
  out: './apps/escrow/drizzle',
  // Only the studio asks the database; what is generated comes from the files.
  ...(DATABASE_URL === undefined ? {} : { dbCredentials: { url: DATABASE_URL } }),
})
