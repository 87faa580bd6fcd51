// Architectures and backbones as papers write them.

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^deeplabv3plus$/, "DeepLabv3+"],
  [/^deeplabv2$/, "DeepLabv2"],
  [/^deeplab$/, "DeepLab"],
  [/^fcn8s$/, "FCN-8s"],
  [/^daformer$/, "DAFormer"],
  [/^daformer_(\w+)$/, "DAFormer ($1)"],
  [/^segformer$/, "SegFormer"],
  [/^segformer_(\w+)$/, "SegFormer ($1)"],
  [/^dlv2$/, "DeepLabv2"],
  [/^dlv2red$/, "DeepLabv2, reduced"],
  [/^mit_b(\d)$/, "MiT-B$1"],
  [/^resnet(\d+)v1c$/, "ResNet-$1-V1c"],
  [/^resnet(\d+)$/, "ResNet-$1"],
  [/^vgg(\d+)_bn$/, "VGG-$1"],
  [/^hrnet(\d+)$/, "HRNet-W$1"],
];

/** "ResNet-50" for "resnet50"; a name that is not known here stays as it is. */
export function modelName(name: string): string {
  const known = NAMES.find(([pattern]) => pattern.test(name));
  return known === undefined ? name : name.replace(...known);
}

/** "DeepLab, ResNet-50"; a network that is its own backbone is named once. Empty when nothing was recognised. */
export function modelNames(arch: string | null, backbone: string | null): string {
  return [...new Set([arch, backbone])].flatMap((name) => (name === null ? [] : modelName(name))).join(", ");
}
