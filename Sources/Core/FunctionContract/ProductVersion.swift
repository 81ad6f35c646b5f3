/// The version of Relais built from this source.
package let productVersion = "0.1.0"
