export const roles = ['admin', 'buyer', 'seller', 'resolver', 'guard'] as const

export type Role = (typeof roles)[number]
