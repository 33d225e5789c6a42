import { BufferGeometry, Color, Float32BufferAttribute, Mesh, ShaderMaterial } from 'three';

/** sRGB hex, at the middle of a view and at its edges. */
const CENTRE = 0x2a323e;
const EDGE = 0x0e1116;

/** The dark gradient behind each view. */
export class Backdrop {
  readonly object: Mesh<BufferGeometry, ShaderMaterial>;

  constructor() {
    const geometry = new BufferGeometry();
    // One triangle that covers the picture.
    const corners = new Float32BufferAttribute([-1, -1, 0, 3, -1, 0, -1, 3, 0], 3);
    geometry.setAttribute('position', corners);
    const material = new ShaderMaterial({
      uniforms: { centre: { value: new Color(CENTRE) }, edge: { value: new Color(EDGE) } },
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      depthTest: false,
      depthWrite: false,
      toneMapped: false,
    });
    this.object = new Mesh(geometry, material);
    this.object.frustumCulled = false;
    this.object.renderOrder = -1000;
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
  }
}

const VERTEX = /* glsl */ `
  out vec2 place;

  void main() {
    place = position.xy;
    gl_Position = vec4(position.xy, 1.0, 1.0);
  }
`;

const FRAGMENT = /* glsl */ `
  uniform vec3 centre;
  uniform vec3 edge;
  in vec2 place;

  void main() {
    float r = length((place - vec2(0.0, 0.1)) * vec2(0.75, 0.8));
    vec3 color = mix(centre, edge, smoothstep(0.0, 1.0, r));
    // Eight bits cannot hold so slow a gradient without steps: noise hides them.
    float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    gl_FragColor = vec4(color + (noise - 0.5) / 900.0, 1.0);
    #include <colorspace_fragment>
  }
`;
