/** What `npm run db:verify` checks of the move; it finds this file by its path. */

export { deadMirrors } from './dead-mirrors.ts'
export { missingParity } from './index-parity/check-parity.ts'
