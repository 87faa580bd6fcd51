// Air between the camera and things: Koschmieder's law of fog.

/**
 * The share of light that passes through `distanceM` of air, e^(-β d).
 *
 * @param density  extinction coefficient β per metre; visibility (5 % contrast) is about 3 / β
 */
export function transmission(distanceM: number, density: number): number {
  return Math.exp(-density * distanceM);
}

/** Koschmieder (1924): L = L₀ · t + A · (1 − t), with the object's light L₀, the airlight A and the transmission t. */
export function veil(light: number, airlight: number, passed: number): number {
  return light * passed + airlight * (1 - passed);
}
