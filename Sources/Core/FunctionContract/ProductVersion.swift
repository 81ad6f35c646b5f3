/// The version of Relais that this source is.
package let productVersion = "0.1.0"
