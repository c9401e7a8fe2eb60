import { hash, verify } from '@node-rs/argon2'
import { verify as verifyBcrypt } from '@node-rs/bcrypt'

export interface Passwords {
  hash(password: string): Promise<string>
  /** False for a wrong password and for a hash that nobody can check any more. */
  matches(stored: string | null, password: string): Promise<boolean>
}

/** argon2id with the library's defaults (19 MiB, 2 passes), as OWASP recommends. */
export function argon2Passwords(): Passwords {
  // Somebody unknown costs as much time as a wrong password, so that answers tell nothing about who is registered.
  const decoy = hash('nobody has this password')
  return {
    hash: (password) => hash(password),
    async matches(stored, password) {
      if (stored?.startsWith('$argon2')) return verify(stored, password)
      if (stored !== null && isBcrypt(stored)) return verifyBcrypt(password, stored)
      await verify(await decoy, password)
      return false
    },
  }
}

/** The hashes of the legacy system; a sign-in with one renews it as argon2id. */
export function isBcrypt(stored: string): boolean {
  return /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/.test(stored)
}

/** Whether `stored` is a hash of some kind; sign-ups of the past held the password as it was typed. */
export function isPasswordHash(stored: string): boolean {
  return /^\$(argon2|2[aby]\$)/.test(stored)
}
