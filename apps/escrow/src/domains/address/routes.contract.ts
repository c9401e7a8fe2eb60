import { beforeAll, describe, expect, test } from 'vitest'
import { newId, publicId } from '../../platform/ids.ts'
import { type EscrowApp, signUp } from '../../testing/escrow-app.ts'

const home = {
  name: 'خانه',
  fullAddress: 'Main Street 1',
  city: 'Berlin',
  state: 'Berlin',
  country: 'DE',
  zipCode: '01234',
}

/** What clients of the address API may rely on, whichever store the units are in. */
export function addressRoutesContract(freshApp: () => Promise<EscrowApp>): void {
  let escrow: EscrowApp
  beforeAll(async () => {
    escrow = await freshApp()
  })

  const path = '/api/addresses'
  const create = async (token: string, fields: object = {}) => {
    const { status, body } = await escrow.call('POST', path, { token, body: { ...home, ...fields } })
    expect(status).toBe(201)
    return body.data
  }

  describe('addresses', () => {
    test('the first one is primary, and whichever becomes it takes the place of the other', async () => {
      const { accessToken: token } = await signUp(escrow)
      const first = await create(token)
      expect(first).toMatchObject({ ...home, primary: true, addressType: 'Home', phoneNumber: null })
      escrow.clock.advance(1000)
      const second = await create(token, { name: 'Work', addressType: 'Office' })
      expect(second.primary).toBe(false)
      const third = await create(token, { primary: true })
      const list = async () => (await escrow.call('GET', path, { token })).body.data
      expect((await list()).map((one: { id: string; primary: boolean }) => [one.id, one.primary])).toEqual([
        [third.id, true],
        [second.id, false],
        [first.id, false],
      ])
      await escrow.call('PATCH', `${path}/${second.id}/primary`, { token })
      const primary = (await list()).filter((one: { primary: boolean }) => one.primary)
      expect(primary).toMatchObject([{ id: second.id, name: 'Work' }])
    })

    test('a change names what it changes', async () => {
      const { accessToken: token } = await signUp(escrow)
      const { id, createdAt } = await create(token)
      for (const method of ['PUT', 'PATCH'] as const) {
        const city = `City of ${method}`
        const { body } = await escrow.call(method, `${path}/${id}`, { token, body: { city, zipCode: null } })
        expect(body.data).toMatchObject({ ...home, id, city, zipCode: null, primary: true, createdAt })
      }
      const off = await escrow.call('PUT', `${path}/${id}`, { token, body: { primary: false } })
      expect(off.body.data.primary).toBe(false)
      const wrong = await escrow.call('PUT', `${path}/${id}`, { token, body: { addressType: 'office' } })
      expect(wrong.body.code).toBe('VALIDATION_FAILED')
    })

    test('nobody sees, changes or removes the address of somebody else', async () => {
      const { accessToken: token } = await signUp(escrow)
      const other = await signUp(escrow)
      const one = `${path}/${(await create(token)).id}`
      for (const method of ['GET', 'PUT', 'DELETE'] as const) {
        const body = method === 'PUT' ? { body: { city: 'x' } } : {}
        expect((await escrow.call(method, one, { token: other.accessToken, ...body })).status).toBe(404)
        expect((await escrow.call(method, one, body)).status).toBe(401)
      }
      expect((await escrow.call('GET', path, { token: other.accessToken })).body.data).toEqual([])
      expect((await escrow.call('GET', `${path}/${publicId(newId())}`, { token })).status).toBe(404)
      expect((await escrow.call('DELETE', one, { token })).status).toBe(200)
      expect((await escrow.call('GET', one, { token })).status).toBe(404)
    })
  })
}
