/** The format of an order key. With the tenant before it, it fits a FIFO group id (128 characters, no spaces). */
export const ORDER_KEY = /^[A-Za-z0-9_-]{1,64}$/;
