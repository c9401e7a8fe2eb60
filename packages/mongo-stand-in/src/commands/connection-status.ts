import type { Command } from './command.ts'

/** Nobody is signed in: there is no access control. */
export const connectionStatus: Command = {
  name: 'connectionStatus',
  run: () => ({
    authInfo: { authenticatedUsers: [], authenticatedUserRoles: [], authenticatedUserPrivileges: [] },
  }),
}
