import { beforeAll, describe, expect, test } from 'vitest'
import { newId, publicId } from '../../platform/ids.ts'
import { type EscrowApp, signUp } from '../../testing/escrow-app.ts'

/** What clients of the profile API may rely on, whichever store the units are in. */
export function userRoutesContract(freshApp: () => Promise<EscrowApp>): void {
  let escrow: EscrowApp
  beforeAll(async () => {
    escrow = await freshApp()
  })

  describe('profile', () => {
    test('a change keeps what it does not name', async () => {
      const { accessToken: token } = await signUp(escrow)
      const put = (body: object) => escrow.call('PUT', '/api/user/profile', { token, body })
      await put({
        firstName: 'Sara',
        bio: 'سلام',
        preferences: { language: 'fa', notifications: { email: false } },
      })
      const { status, body } = await put({
        photoURL: '/uploads/a.png',
        phone: '+98 21',
        preferences: { notifications: { push: true } },
      })
      expect(status).toBe(200)
      expect(body.data).toMatchObject({
        firstName: 'Sara',
        profile: { bio: 'سلام', avatar: '/uploads/a.png', phone: '+98 21' },
        preferences: { language: 'fa', notifications: { email: false, push: true } },
      })
      const cleared = await put({ bio: null })
      expect(cleared.body.data.profile).toMatchObject({ bio: null, phone: '+98 21' })
    })

    test('others see more of a public profile than of a private one, and never the address', async () => {
      const owner = await signUp(escrow)
      const { accessToken: token } = await signUp(escrow)
      const see = () => escrow.call('GET', `/api/users/profile/${owner.id}`, { token })
      await escrow.call('PUT', '/api/user/profile', {
        token: owner.accessToken,
        body: { bio: 'hello', isPublic: false },
      })
      expect((await see()).body.data).not.toHaveProperty('bio')
      await escrow.call('PUT', '/api/user/profile', { token: owner.accessToken, body: { isPublic: true } })
      const { data } = (await see()).body
      expect(data).toMatchObject({ id: owner.id, bio: 'hello' })
      expect(data).not.toHaveProperty('email')
    })

    test('needs a session, a known id and a well-formed one', async () => {
      const { accessToken: token } = await signUp(escrow)
      expect((await escrow.call('GET', '/api/user/profile')).status).toBe(401)
      const unknown = await escrow.call('GET', `/api/users/profile/${publicId(newId())}`, { token })
      expect([unknown.status, unknown.body.code]).toEqual([404, 'NOT_FOUND'])
      expect((await escrow.call('GET', '/api/users/profile/12', { token })).status).toBe(400)
    })
  })
}
